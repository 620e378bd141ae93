"""How it talks: what a person says and what they see. Thin aiogram handlers over pure screens."""
