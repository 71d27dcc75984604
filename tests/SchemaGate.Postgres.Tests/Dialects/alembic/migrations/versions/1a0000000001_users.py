"""users

Revision ID: 1a0000000001
Revises: 
"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '1a0000000001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('users')
