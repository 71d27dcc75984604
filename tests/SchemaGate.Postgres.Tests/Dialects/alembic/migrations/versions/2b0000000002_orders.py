"""orders

Revision ID: 2b0000000002
Revises: 1a0000000001
"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '2b0000000002'
down_revision = '1a0000000001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('orders')
