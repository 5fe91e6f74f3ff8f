"""The receiving side of the sync: staged batches, one commit, sealed dossiers and photos."""
