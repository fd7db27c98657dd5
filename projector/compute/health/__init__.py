"""Health of one embedding: ranks, anisotropy, dead dimensions, hubs, intrinsic dimension."""
