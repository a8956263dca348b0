"""Values in, text out: findings and tables as text, JSON and forge annotations."""
