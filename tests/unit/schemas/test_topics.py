"""The topic catalogue and the documents that are exported from it."""

from __future__ import annotations

import pytest

from schemas.documents import asyncapi, documents, json_schemas
from schemas.topics import BOARD_TOPICS, BY_NAME, CATALOGUE, DRAFTS, EXPRESS_OF, for_lane


def test_topic_names_are_unique() -> None:
    assert len(BY_NAME) == len(CATALOGUE)


def test_the_express_lane_has_its_own_topics() -> None:
    assert for_lane(DRAFTS, "express") is EXPRESS_OF[DRAFTS.name]
    assert for_lane(DRAFTS, "batch") is DRAFTS
    assert all(topic.model is BY_NAME[name].model for name, topic in EXPRESS_OF.items())


def test_all_that_a_board_reads_is_keyed_by_brief() -> None:
    assert {topic.key for topic in BOARD_TOPICS} == {"brief"}
    assert all("brief_id" in topic.model.model_fields for topic in BOARD_TOPICS)


def test_documents_refer_to_schemas_that_exist() -> None:
    written = documents("1.2.3")
    document = written["asyncapi.json"]
    for channel in document["channels"].values():
        for message in channel["messages"].values():
            assert message["payload"]["$ref"].removeprefix("./") in written
    assert document["info"]["version"] == "1.2.3"
    assert set(document["channels"]) == set(BY_NAME)


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_every_message_has_a_version_and_rejects_unknown_fields(name: str) -> None:
    schema = json_schemas()[name]
    assert schema["properties"]["schema_version"]["const"] == 1
    assert schema["additionalProperties"] is False


def test_the_document_says_how_a_topic_is_keyed() -> None:
    channel = asyncapi("1")["channels"]["brushfire.assets"]
    assert "campaign" in channel["description"]
