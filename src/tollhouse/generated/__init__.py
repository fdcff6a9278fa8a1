"""Generated from openapi/ by `make generate`. Do not edit: change the documents or codegen/ instead."""
