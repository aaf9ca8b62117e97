"""The machine of ``test_state_machine``: it asks the product and the model the same."""
