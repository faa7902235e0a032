"""First questions for somebody who has only the sample articles: ones that are known to be answered.

`tests/test_samples.py` asks every one of them. Knows the samples by their file names and nothing else.
"""

from vectorstore import Store

# One for each sample file, each answered in its article.
SAMPLE_QUESTIONS = {
    "vale-bridge-opens-after-nine-years.txt": "How long is the Vale bridge?",
    "artemis-one-leaves-for-the-moon.html": "When did Artemis I lift off?",
    "north-korea-sets-terms-for-talks.txt": "How many North Korean workers were withdrawn from Kaesong?",
    "kelp-comes-back-to-skerry-bay.txt": "Who led the dives in Skerry Bay?",
    "calder-vale-council-count.md": "How many seats did the Harbour List win?",
}


def first_questions(store: Store) -> list[str]:
    """Questions about the samples that the library holds; none where it holds none."""
    held = {item.source for item in store.articles(limit=50).items}
    return [question for source, question in SAMPLE_QUESTIONS.items() if source in held]
