"""What operators of an installation see and do: health, dead letters, mail that waits, storage, settings.

It stands in ``app`` since it looks at everything a process is made of and belongs to no tenant. Every process has it;
the one with the gateway answers operators and asks its peers. Not for: figures that customers see.
"""
