"""What the API answers, as types with units and examples: OpenAPI and the documentation are made from them."""
