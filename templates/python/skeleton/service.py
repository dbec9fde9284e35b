"""{{name}}: the functions that nstack.yaml declares."""


def greet(name: str) -> str:
    return f"Hello, {name}!"
