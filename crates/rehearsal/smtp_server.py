"""A mail server on this machine, aiosmtpd, that can be told to fail at one step of the conversation.

The one argument is a JSON list of doors. Each door gets a port of its own on 127.0.0.1:

    at        where it fails: greeting, ehlo, starttls, auth, mail, rcpt, data, message or quit
    answer    ... by saying this instead ("550 5.1.1 No such user"); several lines are one answer
    drop      ... by closing the connection without a word
    stall     ... by saying nothing more and keeping the connection
    trickle   ... by beginning an answer and never ending it
    delay     ... by saying what it says anyway so many seconds later
    moods     what of the above, by chance, a message meets from its MAIL on: a list, for each mood as often as it stands there
    seed      with which chance begins
    times     how many such doors there are
    port      its port, where it must be that one; otherwise any that is free
    tls       "offered" or "demanded": STARTTLS; "at-once": TLS from the first byte
    user, password    whom it lets in; nobody may send without
    smtputf8  whether it takes addresses beyond ASCII

The first line out is {"ports": [...]}. Then comes a line for every command heard, {"door", "heard", "tls"}, and one for every
message taken, {"door", "from", "to", "tls", "user", "content", "dropped"}: dropped is one whose sender will not hear that it was
taken. It ends with its standard input.
"""

import asyncio
import json
import os
import random
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(**what):
    print(json.dumps(what), flush=True)


def heard(verb):
    """The server's own method for a command, which first says that the command was heard."""
    own = getattr(SMTP, f"smtp_{verb}")

    async def method(self, argument):
        self.step, self.said = verb.lower(), False
        if verb == "MAIL" and self.moods:
            self.plan = {**self.own_plan, **self.chance.choice(self.moods)}
        say(door=self.number, heard=verb, tls=self.is_encrypted())
        if verb == "DATA" and self.plan.get("at") == "data" and "answer" in self.plan:
            # Whoever refuses DATA does not wait for the message.
            await self.push("")
        else:
            await own(self, argument)

    return method


class Door(SMTP):
    def __init__(self, number, plan, context, chance, loop):
        self.number, self.plan, self.step, self.said = number, plan, "greeting", False
        self.own_plan, self.moods, self.chance = plan, plan.get("moods"), chance
        super().__init__(
            self,
            hostname="mail.example",
            loop=loop,
            enable_SMTPUTF8=plan.get("smtputf8", False),
            tls_context=context if plan.get("tls") in ("offered", "demanded") else None,
            require_starttls=plan.get("tls") == "demanded",
            auth_required="user" in plan,
            auth_require_tls="tls" in plan,
            authenticator=self.let_in if "user" in plan else None,
        )

    smtp_EHLO, smtp_STARTTLS, smtp_AUTH = heard("EHLO"), heard("STARTTLS"), heard("AUTH")
    smtp_MAIL, smtp_RCPT, smtp_DATA, smtp_QUIT = heard("MAIL"), heard("RCPT"), heard("DATA"), heard("QUIT")

    def is_encrypted(self):
        return self.transport.get_extra_info("sslcontext") is not None

    def let_in(self, server, session, envelope, mechanism, given):
        wanted = (self.plan["user"].encode(), self.plan["password"].encode())
        fits = (given.login, given.password) == wanted
        return AuthResult(success=fits, handled=False, auth_data=self.plan["user"] if fits else None)

    async def handle_DATA(self, server, session, envelope):
        """The whole message is here, and nothing has been said to it yet."""
        self.step, self.said = "message", False
        if not (self.plan.get("at") == "message" and "answer" in self.plan):
            say(
                door=self.number,
                to=envelope.rcpt_tos,
                tls=self.is_encrypted(),
                user=session.auth_data,
                content=list(envelope.original_content),
                dropped=self.plan.get("at") == "message" and "drop" in self.plan,
                **{"from": envelope.mail_from},
            )
        return "250 OK"

    async def push(self, status):
        """Every answer goes out here."""
        if self.plan.get("at") != self.step:
            await super().push(status)
        elif "answer" in self.plan:
            if not self.said:
                self.said = True
                await super().push(self.plan["answer"])
        elif "delay" in self.plan:
            await asyncio.sleep(self.plan["delay"])
            await super().push(status)
        elif self.plan.get("drop"):
            self.transport.abort()
        elif self.plan.get("trickle"):
            while True:
                await super().push("250-one moment")
                await asyncio.sleep(0.05)
        else:
            await asyncio.sleep(3600)


async def main():
    plans = [plan for plan in json.loads(sys.argv[1]) for _ in range(plan.get("times", 1))]
    loop = asyncio.get_running_loop()
    ports = []
    for number, plan in enumerate(plans):
        context = None
        if "tls" in plan:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(plan["certificate"], plan["key"])

        chance = random.Random(f"{plan.get('seed')} {number}")

        def door(number=number, plan=plan, context=context, chance=chance):
            return Door(number, plan, context, chance, loop)

        at_once = context if plan.get("tls") == "at-once" else None
        server = await loop.create_server(door, "127.0.0.1", plan.get("port", 0), ssl=at_once)
        ports.append(server.sockets[0].getsockname()[1])
    say(ports=ports)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
