"""Tables, the one append-and-project transaction, queries, blobs, vault; never a rule."""
