"""A connection to the bench's PostgreSQL, as its owner."""

import os

import psycopg2


def connect():
    with open(os.path.join(os.environ["HUB_SECRETS"], "postgres-hub_owner"), encoding="utf-8") as file:
        password = file.readline().strip()
    return psycopg2.connect(host="127.0.0.1", port=os.environ["HUB_PORT_POSTGRES"], dbname="hub", user="hub_owner", password=password)
