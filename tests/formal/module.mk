.PHONY: formal
formal: setup all  ## prove the FIFOs and AXI blocks as deep as their proofs go (some minutes)
	@FORMAL=full tests/run $(wildcard tests/formal/test_*.sh)
