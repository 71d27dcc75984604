class V5__Refunds {}
