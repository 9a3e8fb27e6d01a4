"""What people type about dunning, checked before a service is asked."""
