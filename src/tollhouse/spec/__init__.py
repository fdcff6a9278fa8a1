"""The contract kit: OpenAPI documents in, findings out. It knows nothing of the gateway.

reading → bundling → a Spec, one self-contained value that knows the file and line of each part
Spec → lint                     what is wrong with it (RULES)
Spec, Spec → diff               what a change breaks (CLASSES); `shapes` and `compat` compare the schemas
Spec, traffic → coverage, lock  what is used of it
Spec, URL → runner, generated   whether a server keeps it
"""
