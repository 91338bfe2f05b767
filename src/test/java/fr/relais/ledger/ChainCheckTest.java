package fr.relais.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.ledger.LedgerEntry.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Each property is tried with ledgers of every length from 1 to 20 entries. */
class ChainCheckTest {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    @Property(tries = 100)
    void an_untouched_ledger_is_intact(@ForAll @IntRange(max = 20) int length) {
        List<LedgerEntry> ledger = ledger(length);

        assertThat(verify(ledger, head(ledger))).isEqualTo(new Verification(head(ledger), Optional.empty()));
    }

    @Property(tries = 1_000)
    void a_changed_byte_is_found(@ForAll @IntRange(min = 1, max = 20) int length, @ForAll Random random) {
        List<LedgerEntry> ledger = ledger(length);
        Anchor head = head(ledger);
        int place = random.nextInt(length);
        LedgerEntry entry = ledger.get(place);
        boolean inText = random.nextBoolean();
        ledger.set(
                place,
                new LedgerEntry(
                        entry.number(),
                        inText ? changed(entry.text(), random) : entry.text(),
                        inText ? entry.hash() : changed(entry.hash(), random)));

        assertFault(ledger, head, place + 1);
    }

    @Property(tries = 500)
    void a_removed_entry_is_found(@ForAll @IntRange(min = 1, max = 20) int length, @ForAll Random random) {
        List<LedgerEntry> ledger = ledger(length);
        Anchor head = head(ledger);
        int place = random.nextInt(length);
        ledger.remove(place);
        if (random.nextBoolean()) {
            renumber(ledger);
        }

        assertFault(ledger, head, place + 1);
    }

    @Property(tries = 500)
    void an_inserted_entry_is_found(@ForAll @IntRange(min = 1, max = 20) int length, @ForAll Random random) {
        List<LedgerEntry> ledger = ledger(length);
        Anchor head = head(ledger);
        int place = random.nextInt(length + 1);
        Anchor previous = place == 0 ? Anchor.START : ledger.get(place - 1).anchor();
        // At the end, only the head reveals an entry that is otherwise right.
        ledger.add(place, LedgerEntry.after(previous, START, Kind.KEY, Map.of("inserted", true)));
        renumber(ledger);

        // The inserted entry follows its predecessor. The entry behind it does not.
        assertFault(ledger, head, place == length ? place + 1 : place + 2);
    }

    @Property(tries = 500)
    void swapped_entries_are_found(@ForAll @IntRange(min = 2, max = 20) int length, @ForAll Random random) {
        List<LedgerEntry> ledger = ledger(length);
        Anchor head = head(ledger);
        int first = random.nextInt(length - 1);
        int second = first + 1 + random.nextInt(length - first - 1);
        Collections.swap(ledger, first, second);
        if (random.nextBoolean()) {
            renumber(ledger);
        }

        assertFault(ledger, head, first + 1);
    }

    @Property(tries = 500)
    void a_ledger_that_was_written_anew_is_found_by_an_anchor(
            @ForAll @IntRange(min = 1, max = 20) int length, @ForAll Random random) {
        List<LedgerEntry> ledger = ledger(length);
        int place = random.nextInt(length);
        Anchor anchor = ledger.get(place + random.nextInt(length - place)).anchor();
        List<LedgerEntry> rewritten = new ArrayList<>(ledger.subList(0, place));
        while (rewritten.size() < length) {
            append(rewritten, "rewritten");
        }

        assertThat(verify(rewritten, head(rewritten)).isIntact()).isTrue();
        assertThat(verify(rewritten, head(rewritten), Optional.of(anchor)).fault())
                .hasValueSatisfying(fault -> assertThat(fault.number()).isEqualTo(anchor.number()));
    }

    @Property(tries = 100)
    void a_ledger_that_was_cut_is_found_by_an_anchor(
            @ForAll @IntRange(min = 1, max = 20) int length, @ForAll Random random) {
        List<LedgerEntry> ledger = ledger(length);
        Anchor anchor = head(ledger);
        List<LedgerEntry> cut = ledger.subList(0, random.nextInt(length));

        assertThat(verify(cut, head(cut)).isIntact()).isTrue();
        assertThat(verify(cut, head(cut), Optional.of(anchor)).fault())
                .hasValueSatisfying(fault -> assertThat(fault.number()).isEqualTo(cut.size() + 1L));
    }

    private static List<LedgerEntry> ledger(int length) {
        List<LedgerEntry> ledger = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            append(ledger, "entry with a quotation mark \" and é");
        }
        return ledger;
    }

    private static void append(List<LedgerEntry> ledger, String text) {
        ledger.add(LedgerEntry.after(
                head(ledger),
                START.plusSeconds(ledger.size()),
                Kind.values()[ledger.size() % Kind.values().length],
                Map.of("text", text)));
    }

    private static Anchor head(List<LedgerEntry> ledger) {
        return ledger.isEmpty() ? Anchor.START : ledger.get(ledger.size() - 1).anchor();
    }

    /** Gives the entries consecutive numbers, as somebody would who hides a change from the primary key. */
    private static void renumber(List<LedgerEntry> ledger) {
        for (int i = 0; i < ledger.size(); i++) {
            ledger.set(
                    i,
                    new LedgerEntry(i + 1L, ledger.get(i).text(), ledger.get(i).hash()));
        }
    }

    private static String changed(String text, Random random) {
        int place = random.nextInt(text.length());
        char other = (char) (text.charAt(place) ^ 1 << random.nextInt(7));
        return text.substring(0, place) + other + text.substring(place + 1);
    }

    private static void assertFault(List<LedgerEntry> ledger, Anchor head, long number) {
        assertThat(verify(ledger, head).fault())
                .hasValueSatisfying(fault -> assertThat(fault.number()).isEqualTo(number));
    }

    private static Verification verify(List<LedgerEntry> ledger, Anchor head) {
        return verify(ledger, head, Optional.empty());
    }

    private static Verification verify(List<LedgerEntry> ledger, Anchor head, Optional<Anchor> known) {
        ChainCheck check = new ChainCheck(known);
        ledger.forEach(check::next);
        return check.end(head);
    }
}
