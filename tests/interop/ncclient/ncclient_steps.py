"""wanwise-router as ncclient sees it, a NETCONF client that no one here wrote.

ncclient_steps.py ROUTER KEYGEN RELEASE DATASTORE: starts the emulator on a free port and goes through what a
client does with a router, one assertion a step. Exit 0 all held, 1 one did not, 77 ncclient is not there.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

try:
    from ncclient import manager
    from ncclient.operations import RPCError
    from ncclient.transport.errors import AuthenticationError
    from ncclient.xml_ import to_ele
except ImportError as absent:
    print(f"skipped: python3-ncclient is not installed ({absent})")
    sys.exit(77)

NATIVE = "http://cisco.com/ns/yang/Cisco-IOS-XE-native"
POLICY = "http://cisco.com/ns/yang/Cisco-IOS-XE-policy"
INTERFACES = "http://cisco.com/ns/yang/Cisco-IOS-XE-interfaces-oper"
LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library"
NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0"
USER = "wanwise"
PASSWORD = "s3cret pass"
# A started emulator answers within a second; a loaded machine is slower.
PATIENCE = 30.0
CONFIRM_SECONDS = 1

POLICY_MAP = (
    f'<policy><class-map xmlns="{POLICY}"><name>CM1</name><prematch>match-any</prematch>'
    "<match><dscp>ef</dscp></match></class-map>"
    f'<policy-map xmlns="{POLICY}"><name>PM1</name><class><name>CM1</name>'
    "<action-list><action-type>priority</action-type></action-list></class></policy-map></policy>"
)

steps = 0


def native(content):
    return f'<config xmlns="{NETCONF}" xmlns:nc="{NETCONF}"><native xmlns="{NATIVE}">{content}</native></config>'


def policy_map(name, operation):
    return native(f'<policy><policy-map xmlns="{POLICY}" nc:operation="{operation}"><name>{name}</name>'
                  "</policy-map></policy>")


def holds(name, truth, detail=""):
    """One assertion; the first that fails ends the run."""
    global steps
    steps += 1
    if not truth:
        raise AssertionError(f"{name}: {detail}")


def refused(name, call, tag):
    """The call must be answered with an rpc-error of that tag."""
    try:
        call()
    except RPCError as error:
        holds(name, error.tag == tag, f"{error.tag}: {error.message}")
        return error
    raise AssertionError(f"{name}: taken, although {tag} was due")


def becomes(name, look):
    """Polls until the router got there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if look():
            return holds(name, True)
        time.sleep(0.05)
    raise AssertionError(f"{name}: not within {PATIENCE} s")


class Router:
    """The emulator as a process of its own."""

    def __init__(self, program, keygen, folder, release, datastore):
        self.key = os.path.join(folder, "key")
        subprocess.run([keygen, "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", self.key], check=True)
        password = os.path.join(folder, "password")
        with open(password, "w", encoding="ascii") as file:
            file.write(PASSWORD + "\n")
        ready = os.path.join(folder, "ready")
        # Should this script die, its router does not stay for long.
        words = [program, "--host-key", os.path.join(folder, "host"), "--user", USER, "--password-file", password,
                 "--authorized-key", self.key + ".pub", "--ready-file", ready, "--seconds", "120",
                 "--datastore", datastore, "--release", release]
        if datastore == "candidate":
            words.append("--confirmed-commit")  # also where the release's own hello does not offer it
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        becomes("the router gets ready", lambda: os.path.exists(ready) or self.process.poll() is not None)
        holds("the router serves", self.process.poll() is None, "it ended")
        with open(ready, encoding="ascii") as file:
            self.port = json.load(file)["netconf_port"]

    def connect(self, **login):
        return manager.connect(host="127.0.0.1", port=self.port, username=USER, hostkey_verify=False,
                               look_for_keys=False, allow_agent=False, timeout=20,
                               device_params={"name": "iosxe"}, **login)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


def read_steps(session):
    one = f'<interfaces xmlns="{INTERFACES}"><interface><name>Cellular0/1/0</name><oper-status/></interface></interfaces>'
    got = str(session.get(("subtree", one)))
    holds("get by subtree", "<oper-status>if-oper-state-ready</oper-status>" in got, got)
    holds("get by subtree gives nothing else", "GigabitEthernet" not in got, got)
    path = "/if:interfaces/if:interface[if:name='Cellular0/1/0']/if:oper-status"
    got = str(session.get(("xpath", ({"if": INTERFACES}, path))))
    holds("get by xpath", "if-oper-state-ready" in got and "GigabitEthernet" not in got, got)
    bare = str(session.get(("xpath", "/interfaces/interface[name='Cellular0/1/0']/oper-status")))
    holds("get by an xpath without prefixes", "if-oper-state-ready" in bare, bare)
    holds("get-config", NATIVE in str(session.get_config("running")))
    holds("get-schema", "module Cisco-IOS-XE-native" in session.get_schema("Cisco-IOS-XE-native").data)
    refused("get-schema of nobody's module", lambda: session.get_schema("nope"), "invalid-value")
    library = str(session.get(("subtree", f'<modules-state xmlns="{LIBRARY}"/>')))
    holds("yang-library", "<name>Cisco-IOS-XE-native</name>" in library, library[:500])
    refused("an rpc of no module", lambda: session.dispatch(to_ele('<foo xmlns="urn:x"/>')),
            "operation-failed")  # libnetconf2's own answer, before the emulator sees the request


def edit_steps(session, target):
    """merge, create, delete, remove and their refusals, on either datastore."""
    edit = lambda config: session.edit_config(target=target, config=config)
    hostname = f'<native xmlns="{NATIVE}"><hostname/></native>'
    edit(native("<hostname>r1</hostname>"))
    holds("merge", "<hostname>r1</hostname>" in str(session.get_config(target, ("subtree", hostname))))
    refused("an unknown element", lambda: edit(native("<hostnameX>r</hostnameX>")), "unknown-element")
    refused("a value outside its type", lambda: edit(native("<hostname>1</hostname>")), "invalid-value")
    edit(native(POLICY_MAP))
    refused("create of what exists", lambda: edit(policy_map("PM1", "create")), "data-exists")
    refused("delete of what is not there", lambda: edit(policy_map("PMX", "delete")), "data-missing")
    edit(policy_map("PMX", "remove"))
    holds("remove of what is not there", "PM1" in str(session.get_config(target)))
    edit(policy_map("PM1", "delete"))
    holds("delete", "PM1" not in str(session.get_config(target)))


def lock_steps(session, other, target):
    if target == "candidate":
        # RFC 6241 7.5: a candidate with changes in it cannot be locked.
        refused("lock of a modified candidate", lambda: other.lock(target), "lock-denied")
        session.discard_changes()
    session.lock(target)
    denied = refused("lock of what is locked", lambda: other.lock(target), "lock-denied")
    holds("lock-denied names the holder", f"<session-id>{session.session_id}</session-id>" in str(denied.info),
          str(denied.info))
    refused("edit of what another has locked",
            lambda: other.edit_config(target=target, config=native("<hostname>x</hostname>")), "in-use")
    session.unlock(target)
    other.lock(target)
    other.unlock(target)
    holds("unlock", True)


def candidate_steps(session):
    running = lambda: str(session.get_config("running"))
    session.edit_config(target="candidate", config=native(POLICY_MAP))
    session.discard_changes()
    holds("discard", "PM1" not in str(session.get_config("candidate")))
    session.edit_config(target="candidate", config=native(POLICY_MAP))
    session.validate("candidate")
    holds("validate changes nothing", "PM1" not in running())
    session.commit(confirmed=True, timeout=str(CONFIRM_SECONDS))
    holds("confirmed commit", "PM1" in running())
    becomes("roll-back at the timeout", lambda: "PM1" not in running())
    session.discard_changes()
    session.edit_config(target="candidate", config=native(POLICY_MAP))
    session.commit(confirmed=True, timeout="60")
    session.commit()
    holds("confirming commit", "PM1" in running())
    refused("edit of running", lambda: session.edit_config(target="running", config=native("<hostname>x</hostname>")),
            "operation-failed")  # likewise
    session.edit_config(target="candidate", config=policy_map("PM1", "delete"))
    session.commit()
    holds("commit of a delete", "PM1" not in running())


def running_steps(session):
    session.edit_config(target="running", config=native(POLICY_MAP), error_option="rollback-on-error")
    holds("edit of running", "PM1" in str(session.get_config("running")))
    bad = native('<hostname>half</hostname><policy><policy-map xmlns="' + POLICY + '"><name>PM1</name><class>'
                 "<name>NOWHERE</name></class></policy-map></policy>")
    error = refused("what the IOS parser refuses",
                    lambda: session.edit_config(target="running", config=bad, error_option="rollback-on-error"),
                    "invalid-value")
    holds("in the words of IOS XE", "Device refused one or more commands" in error.message, error.message)
    holds("nothing of a refused edit stays", "half" not in str(session.get_config("running")))
    refused("edit of a candidate that is not there",
            lambda: session.edit_config(target="candidate", config=native("<hostname>x</hostname>")),
            "operation-failed")  # libnetconf2's own answer: its schema has no such target then


def push_steps(session):
    path = '/if:interfaces/if:interface[if:name="Cellular0/1/0"]/if:statistics'
    subscribe = (
        '<establish-subscription xmlns="urn:ietf:params:xml:ns:yang:ietf-event-notifications" '
        'xmlns:yp="urn:ietf:params:xml:ns:yang:ietf-yang-push"><stream>yp:yang-push</stream>'
        f'<yp:xpath-filter xmlns:if="{INTERFACES}">{path}</yp:xpath-filter><yp:period>20</yp:period>'
        "</establish-subscription>")
    answer = session.dispatch(to_ele(subscribe)).xml
    holds("establish-subscription", ":ok</subscription-result>" in answer.replace("'", '"'), answer)
    for _ in range(3):
        told = session.take_notification(timeout=PATIENCE)
        holds("push-update", told is not None and "in-octets" in told.notification_xml)
    holds("get while updates flow", NATIVE in str(session.get_config("running")))


def end_steps(session, other):
    session.dispatch(to_ele('<save-config xmlns="http://cisco.com/yang/cisco-ia"/>'))
    holds("save-config", True)
    session.kill_session(other.session_id)
    # No request meanwhile: ncclient never answers one that its session ends under before it listens for the reply.
    becomes("kill-session", lambda: not other.connected)


def go(router, datastore):
    session = router.connect(password=PASSWORD)
    capabilities = list(session.server_capabilities)
    writable = ":candidate" if datastore == "candidate" else ":writable-running"
    holds("hello names the datastore", writable in session.server_capabilities, capabilities[:20])
    try:
        router.connect(password="x")
    except AuthenticationError:
        holds("a wrong password", True)
    else:
        raise AssertionError("a wrong password: let in")
    other = router.connect(key_filename=router.key)
    holds("a key", other.session_id != session.session_id)
    read_steps(session)
    edit_steps(session, datastore)
    lock_steps(session, other, datastore)
    (candidate_steps if datastore == "candidate" else running_steps)(session)
    push_steps(session)
    end_steps(session, other)
    session.close_session()


def main():
    program, keygen, release, datastore = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="wanwise-ncclient-") as folder:
        router = Router(program, keygen, folder, release, datastore)
        try:
            go(router, datastore)
        finally:
            router.end()
    print(f"{release} {datastore}\ncases: {steps}")


if __name__ == "__main__":
    try:
        main()
    except (AssertionError, RPCError) as failed:
        print(f"FAILED after {steps} steps: {failed}")
        sys.exit(1)
