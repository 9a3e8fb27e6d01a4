"""What people type about a customer: checked and turned into the arguments of one service each."""
