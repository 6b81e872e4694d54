"""Which Kafka client: confluent-kafka or aiokafka, on the work that a shipper and a consumer do."""
