"""Check that every rule can fire, and none on everything. Compiled rules walk in, complaints walk out.

Pure; only `loading` calls it, on rules whose names are known to be right.
"""

from collections.abc import Iterator

from scrapers.classifying.checking import Place, place_of
from scrapers.classifying.drafts import Draft
from scrapers.classifying.firing import MOST_LOWERED, WEIGHTS
from scrapers.classifying.laid_out import Place as Stands
from scrapers.classifying.rules import RulePlan, Rules, TopicPlan
from storage.words import fold

#: Title and both sentences of the lead: what a rule earns when it fires wherever it counts most.
_MOST = WEIGHTS[Stands.TITLE] + 2 * WEIGHTS[Stands.LEAD]

#: What any text is made of. A rule that finds all it asks for here would fire on everything.
_EVERYDAY = (
    "the and for that with was has have had are not but from this they their you his her she him who will would can could been "
    "were said says say one two all also more than other into over after before when which what there about new time year "
    "years day days people first last on in at by to of it he we or an as is be so if no up out do did its our us",
    "и в на не что как это для от из по за его ее их он она они мы вы но или был была было были быть есть при под над так же "
    "все уже еще только если когда где чтобы также который которая которые года году год день сегодня время человек люди один "
    "два себя этот этого того тем том ни бы ли до об о с со к ко у во",
    "我们 他们 你们 自己 一个 这个 那个 没有 可以 因为 所以 但是 如果 什么 已经 进行 表示 今天 今年 时间 问题 工作 以及 其中 目前 "
    "可能 通过 对于 关于 不是 就是 还是 这些 那些 时候 现在 之后 之前 方面 情况 成为 开始 记者 报道 人们 大家 非常 一些 许多",
)


def check_reach(draft: Draft, rules: Rules) -> list[Place]:
    """Rules and concepts that can never count, and rules that always would: (file, line, reason)."""
    return [*_never_named(draft, rules), *_never_in_office(draft), *_rules(draft, rules)]


def _rules(draft: Draft, rules: Rules) -> Iterator[Place]:
    everyday = [_mask(rules, text) for text in _EVERYDAY]
    for plan in rules.plans:
        for one in plan.rules:
            where = ("exercise", one.exercise.id) if one.exercise else ("rule", f"{plan.topic.id}/{one.rule.id}")
            for reason in (_too_little(plan, one), _undone(rules, plan, one), _everywhere(one, everyday)):
                if reason:
                    yield place_of(draft, *where, reason)


def _mask(rules: Rules, text: str) -> int:
    mask = 0
    for hit in rules.matcher.find(fold(text)):
        mask |= hit.mask
    return mask


# ------------------------------------------------------------------ never


def _too_little(plan: TopicPlan, one: RulePlan) -> str:
    most = one.rule.points * _MOST
    if most >= plan.topic.mention:
        return ""
    name = f"exercise {one.exercise.id}" if one.exercise else f"rule {one.rule.id}"
    return (
        f"{name} gives {one.rule.points:g} points: even in title and lead that makes {most:g}, "
        f"and a mention of {plan.topic.id} takes {plan.topic.mention:g}"
    )


def _undone(rules: Rules, plan: TopicPlan, one: RulePlan) -> str:
    """What undoes the rule wherever it finds what it asks for: a concept asked for that it, or its topic, forbids."""
    lowered = 0.0
    for group in one.groups:
        leaves = [
            mask for mask, concept in zip(rules.masks, rules.numbered, strict=True) if concept.patterns and mask & group
        ]
        if all(mask & (one.unless | plan.vetoes) for mask in leaves):
            names = ", ".join(concept.id for n, concept in enumerate(rules.numbered) if group >> n & 1)
            return f"rule {one.rule.id} can never fire: what it asks for ({names}) is under its unless or the topic's vetoes"
        lowered += sum(points for bit, points in plan.lowers if all(mask & bit for mask in leaves))
    if min(lowered, MOST_LOWERED) >= one.rule.points:
        return f"rule {one.rule.id} can never fire: what it asks for is under lowers, which leave nothing of its points"
    return ""


def _never_named(draft: Draft, rules: Rules) -> Iterator[Place]:
    """Concepts that count only after another was named which, in turn, waits for them."""
    waiting = {n: concept for n, concept in enumerate(rules.numbered) if concept.after}
    named = 0
    for number, concept in enumerate(rules.numbered):
        if concept.patterns and number not in waiting:
            named |= rules.masks[number]
    while ready := [n for n, one in waiting.items() if all(named >> rules.numbers[name] & 1 for name in one.after)]:
        for number in ready:
            named |= rules.masks[number]
            del waiting[number]
    for concept in waiting.values():
        reason = f"concept {concept.id} can never count: what it waits for ({', '.join(concept.after)}) waits for it"
        yield place_of(draft, "concept", concept.id, reason)


def _never_in_office(draft: Draft) -> Iterator[Place]:
    for id_, concept in draft.concepts.items():
        for office in concept.offices:
            if office.first and office.last and office.last < office.first:
                reason = f"{id_} was never in office: from {office.first} is after to {office.last}"
                yield place_of(draft, "concept", id_, reason)


# ------------------------------------------------------------------ always


def _everywhere(one: RulePlan, everyday: list[int]) -> str:
    if one.exercise or not any(all(mask & group for group in one.groups) for mask in everyday):
        return ""
    return f"rule {one.rule.id} would always fire: everyday words are all it asks for"
