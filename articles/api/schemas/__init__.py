"""Types of the API's responses with units and examples; OpenAPI and the documentation page are generated from them."""
