"""side

Revision ID: 5e0000000006
Revises: 1a0000000001
"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '5e0000000006'
down_revision = '1a0000000001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('side')
