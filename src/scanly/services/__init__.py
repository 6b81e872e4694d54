"""One package per service. A service imports the kernel, the contracts and itself; never another service."""
