#!/usr/bin/env python3
"""Derives what the signatures and URLs of Bedrock are held against from independent parties.

    pip install botocore
    pip download --no-deps --no-binary :all: botocore   # its source archive holds AWS's published test suite
    python3 scripts/aws_vectors.py --suite botocore-VERSION/tests/unit/auth/aws4_testsuite [--check]

It writes crates/llm/tests/suite/aws/suite.json (AWS's published vectors, as the archive has them) and
botocore.json (requests that botocore's own Bedrock client makes and signs). With --check it writes nothing and
fails when a file is not what it would write.
"""

import argparse
import base64
import calendar
import datetime
import json
import pathlib
import re
import sys
from unittest import mock

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config

OUTPUT = pathlib.Path(__file__).parent.parent / "crates/llm/tests/suite/aws"
SUITE_KEYS = {"id": "AKIDEXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
SUITE_TIME = datetime.datetime(2015, 8, 30, 12, 36)
# What a request of ours cannot be: a header that comes twice or over several lines, and a path or a query that is
# not percent-encoded (HTTP forbids it, and every transport encodes it before it is sent).
NOT_SENDABLE = {"get-header-key-duplicate", "get-header-value-multiline", "get-header-value-order", "get-utf8",
                "get-space", "get-vanilla-utf8-query"}
# Without what the signature itself adds.
ADDED = {"authorization", "x-amz-date", "x-amz-security-token"}


def unix(time):
    return calendar.timegm(time.timetuple())


def suite(folder):
    cases = []
    for path in sorted(folder.rglob("*.req")):
        name = path.stem
        # The signature of `post-sts-header-after` leaves the token out, which no AWS service asks for.
        if name in NOT_SENDABLE or name == "post-sts-header-after":
            continue
        head, _, body = path.read_text().partition("\n\n")
        request, *lines = head.splitlines()
        method, target, _ = re.fullmatch(r"(\S+) (.*) (HTTP/1.1)", request).groups()
        headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1] for line in lines}
        authorization = path.with_suffix(".authz").read_text().strip()
        # Some requests leave it to the signed request to show the token.
        signed = path.with_suffix(".sreq").read_text()
        token = re.search(r"^x-amz-security-token:(\S+)$", signed, re.IGNORECASE | re.MULTILINE)
        if token and "x-amz-security-token" not in authorization:
            continue
        cases.append({
            "name": name,
            "method": method,
            "url": f"https://{headers.pop('host')}{target}",
            "headers": {key: value for key, value in headers.items() if key not in ADDED},
            "body": body,
            "token": token and token.group(1),
            "keys": SUITE_KEYS,
            "region": "us-east-1",
            "service": "service",
            "unix_seconds": unix(SUITE_TIME),
            "authorization": authorization,
        })
    return cases


HELLO = [{"role": "user", "content": [{"text": "hello there"}]}]
REQUESTS = [
    {"name": "plain", "model": "anthropic.claude-3-haiku-20240307-v1:0"},
    {"name": "session token", "model": "us.amazon.nova-lite-v1:0", "token": "IQoJb3JpZ2luX2VjEPT//wEaCXVzLWVhc3QtMSJH=="},
    {"name": "streamed", "model": "us.amazon.nova-lite-v1:0", "stream": True},
    {"name": "inference profile by its ARN",
     "model": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3"},
    {"name": "every kind of character", "model": "arn:aws:bedrock:eu-west-1:1:provisioned-model/a_b.c~d-e+f g%h",
     "region": "eu-west-1"},
    {"name": "text in several scripts", "model": "m", "messages": [
        {"role": "user", "content": [{"text": "Grüße, 世界 👋 \"quoted\" \\ \n\t<&>"}]}]},
    {"name": "system, limits, image", "model": "m", "more": {
        "system": [{"text": "You are terse."}],
        "inferenceConfig": {"maxTokens": 5, "temperature": 0.5, "topP": 0.25, "stopSequences": ["x"]},
        "additionalModelRequestFields": {"k": [1, None, {"a": "b"}]},
    }, "messages": [{"role": "user", "content": [
        {"image": {"format": "png", "source": {"bytes": base64.b64decode("iVBORw0KGgo=")}}}]}]},
    {"name": "endpoint with port and path", "model": "m", "endpoint": "http://localhost:8080/proxy/v1"},
    {"name": "endpoint that ends in a slash", "model": "m", "endpoint": "https://vpce-1.bedrock-runtime.us-west-2.vpce.amazonaws.com/"},
    {"name": "endpoint with the port of its scheme", "model": "m", "endpoint": "https://gateway.test:443"},
    {"name": "endpoint by its address", "model": "m", "endpoint": "http://[::1]:9000"},
    {"name": "before the year 2001", "model": "m", "time": datetime.datetime(2000, 2, 29, 23, 59, 59)},
    {"name": "long secret", "model": "m", "secret": "s" * 200},
] + [{"name": f"region {region}", "model": "m", "region": region} for region in [
    "us-east-1", "ap-southeast-3", "us-gov-west-1", "cn-north-1", "cn-northwest-1", "us-iso-east-1", "us-isob-east-1",
    "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1", "mx-central-1"]]


def botocore_request(wanted):
    keys = {"id": "AKIAIOSFODNN7EXAMPLE", "secret": wanted.get("secret", SUITE_KEYS["secret"])}
    region = wanted.get("region", "us-west-2")
    time = wanted.get("time", datetime.datetime(2026, 5, 6, 7, 8, 9))
    seen = []

    def intercept(request, **_):
        seen.append(request)
        return AWSResponse(request.url, 200, {"content-type": "application/json"}, mock.Mock(stream=lambda: iter([b"{}"])))

    client = botocore.session.Session().create_client(
        "bedrock-runtime", region_name=region, endpoint_url=wanted.get("endpoint"), aws_access_key_id=keys["id"],
        aws_secret_access_key=keys["secret"], aws_session_token=wanted.get("token"),
        config=Config(retries={"max_attempts": 1}))
    client.meta.events.register("before-send.bedrock-runtime.*", intercept)
    with mock.patch("botocore.auth.get_current_datetime", return_value=time):
        call = client.converse_stream if wanted.get("stream") else client.converse
        try:
            call(modelId=wanted["model"], messages=wanted.get("messages", HELLO), **wanted.get("more", {}))
        except Exception:  # The answer is none, and is of no interest.
            if not seen:
                raise
    request = seen[0]
    headers = {name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    authorization = headers["authorization"]
    signed = re.search("SignedHeaders=([^,]+)", authorization).group(1).split(";")
    return {
        "name": wanted["name"],
        "model": wanted["model"],
        "stream": bool(wanted.get("stream")),
        "endpoint": wanted.get("endpoint"),
        "method": request.method,
        "url": request.url,
        # Those that are not signed are of no interest.
        "headers": {key: value for key, value in headers.items() if key in signed and key not in ADDED},
        "body": request.body.decode(),
        "token": wanted.get("token"),
        "keys": keys,
        "region": region,
        "service": "bedrock",
        "unix_seconds": unix(time),
        "authorization": authorization,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=pathlib.Path, required=True, help="the folder aws4_testsuite")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file would change")
    options = parser.parse_args()
    files = {"suite.json": suite(options.suite), "botocore.json": [botocore_request(wanted) for wanted in REQUESTS]}
    changed = []
    for name, cases in files.items():
        text = "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n"
        path = OUTPUT / name
        if not path.exists() or path.read_text() != text:
            changed.append(name)
            if not options.check:
                path.write_text(text)
    if options.check and changed:
        sys.exit(f"not as derived: {', '.join(changed)}")
    print(", ".join(f"{name}: {len(cases)} cases" for name, cases in files.items()))


if __name__ == "__main__":
    main()
