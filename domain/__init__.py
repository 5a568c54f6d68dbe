"""Pure rules of the emergency plan: standard library only, no clock, socket or framework."""
