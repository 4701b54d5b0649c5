"""I speak one CRM's dialect and answer in ours; a new CRM is one module that passes the contract tests."""
