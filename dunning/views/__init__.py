"""One file per page: parse, gate, call one service or query, render."""
