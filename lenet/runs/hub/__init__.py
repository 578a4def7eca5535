"""Models on the Hugging Face Hub: fetched by name and verified, or saved as a repository with a model card."""
