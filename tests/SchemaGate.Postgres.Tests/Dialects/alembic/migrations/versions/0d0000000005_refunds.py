"""refunds

Revision ID: 0d0000000005
Revises: 4c0000000004
"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '0d0000000005'
down_revision = '4c0000000004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('refunds')
