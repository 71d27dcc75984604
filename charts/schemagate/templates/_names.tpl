{{- define "schemagate.labels" -}}
app.kubernetes.io/name: schemagate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "schemagate.selector" -}}
app.kubernetes.io/name: schemagate
{{- end }}

{{- define "schemagate.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{/* One object of files/config, in this release's namespace and with its labels. Takes a root and an object. */}}
{{- define "schemagate.object" -}}
{{- $root := .root }}
{{- $metadata := .object.metadata }}
{{- if hasKey $metadata "namespace" }}
{{- $_ := set $metadata "namespace" $root.Release.Namespace }}
{{- end }}
{{- $_ := set $metadata "labels" (merge (default (dict) $metadata.labels) (include "schemagate.labels" $root | fromYaml)) }}
{{- range .object.subjects }}
{{- $_ := set . "namespace" $root.Release.Namespace }}
{{- $_ := set . "name" $root.Values.serviceAccount.name }}
{{- end }}
{{- range .object.webhooks }}
{{- $_ := set .clientConfig.service "namespace" $root.Release.Namespace }}
{{- end }}
{{- toYaml .object }}
{{- end }}

{{/* The objects of a file of files/config, which are config's own. Takes a root and the file's name. */}}
{{- define "schemagate.objects" -}}
{{- $root := .root }}
{{- range splitList "\n---\n" ($root.Files.Get (printf "files/config/%s.yaml" .file)) }}
---
{{ include "schemagate.object" (dict "root" $root "object" (fromYaml .)) }}
{{- end }}
{{- end }}

{{/* What pods of the release have in common with the operator's: where they run, and from what. */}}
{{- define "schemagate.scheduling" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
