"""What a probe came to, in words."""

from __future__ import annotations

from kkplan.locale import T, Text
from kkplan.verification.probe import READYZ, Answer, Failure, Port

_PORTS = {
    Port.OPEN: T("the port is open"),
    Port.REFUSED: T("the machine is up, but nothing listens on the port (refused)"),
    Port.SILENT: T("no answer within the timeout"),
    Port.UNREACHABLE: T("unreachable: no route, or no machine has the address"),
    Port.UNKNOWN_NAME: T("the name does not resolve on this machine"),
}
_FAILURES = {
    Failure.CLOSED: T("the port is open, but the connection is closed at once: it has no running backend"),
    Failure.NO_TLS: T("the port is open, but the program there does not support TLS"),
    Failure.NO_HTTP: T("the port is open, but the program there does not support HTTP"),
    Failure.HANGS: T("the port is open, but there is no answer within the timeout: the program or its backends hang"),
}
_NETWORK_ADVICE = T("Check that the machine is on, and that firewalls on the path allow the port")
_NAME_ADVICE = T("Create the DNS record, or check this machine's DNS: getent hosts NAME")


def port_words(port: Port) -> Text:
    """What a connection came to."""
    return _PORTS[port]


def answer_words(answer: Answer, path: str = READYZ) -> Text:
    """What a request came to."""
    if answer.status and path == READYZ and not answer.is_api_server:
        return T("{path} answers {status}, but the body is not a kube-apiserver's", path=path, status=answer.status)
    if answer.status:
        return T("{path} answers {status}", path=path, status=answer.status)
    return _FAILURES.get(answer.failure, _PORTS[answer.port])


def network_advice(port: Port, otherwise: Text) -> Text:
    """What to do about a port: first of all about the way to it, where it did not answer at all."""
    if port is Port.UNKNOWN_NAME:
        return _NAME_ADVICE
    return _NETWORK_ADVICE if port in (Port.SILENT, Port.UNREACHABLE) else otherwise
