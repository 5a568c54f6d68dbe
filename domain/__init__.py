"""Pure rules of the emergency plan: standard library only, never a clock, socket, session or framework."""
