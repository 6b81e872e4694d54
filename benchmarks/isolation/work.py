"""`python -m benchmarks.isolation.work URL TOKEN ROUND CODES PEOPLE`: makes codes and signs people in, 16 at a time."""

import asyncio
import sys

import httpx

PASSWORD = "three quiet lanterns"
_AT_ONCE = 16


def email(number: int) -> str:
    """Return the address of a person."""
    return f"person{number}@example.com"


async def work(url: str, token: str, number: int, codes: int, people: int) -> None:
    """Do it; an answer that is no success raises."""
    room = asyncio.Semaphore(_AT_ONCE)
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=120) as client:

        async def post(path: str, body: object, headers: dict[str, str]) -> None:
            async with room:
                answer = await client.post(path, json=body, headers=headers)
            answer.raise_for_status()

        signed_in = {"authorization": f"Bearer {token}"}
        contents = [{"type": "url", "url": f"https://example.com/{number}/{index}"} for index in range(codes)]
        await asyncio.gather(
            *(post("/qr-codes", {"content": content}, signed_in) for content in contents),
            *(post("/auth/log-in", {"email": email(index), "password": PASSWORD}, {}) for index in range(people)),
        )


if __name__ == "__main__":
    address, access_token, *numbers = sys.argv[1:]
    asyncio.run(work(address, access_token, *(int(number) for number in numbers)))
