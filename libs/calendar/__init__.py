"""Working time of mainland China, from versioned data: pure arithmetic, one loader."""
