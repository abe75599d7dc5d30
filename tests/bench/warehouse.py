"""A connection to the bench's PostgreSQL, as its owner or with another login."""

import os

import psycopg2


def connect(user="hub_owner"):
    with open(os.path.join(os.environ["HUB_SECRETS"], "postgres-" + user), encoding="utf-8") as file:
        password = file.readline().strip()
    return psycopg2.connect(host="127.0.0.1", port=os.environ["HUB_PORT_POSTGRES"], dbname="hub", user=user, password=password)
