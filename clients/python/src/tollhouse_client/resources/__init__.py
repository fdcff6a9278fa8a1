"""The resources of the client, one file for each tag of the documents."""
