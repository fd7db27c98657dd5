"""Array files: NumPy, safetensors, Flax and raw float32."""
