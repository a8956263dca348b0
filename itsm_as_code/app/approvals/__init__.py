"""Who decided what: judging a step, deciding, asking, looking back. One court for all of it (`hearing`)."""
