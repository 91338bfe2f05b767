package fr.relais.sweep;

import fr.relais.source.SourceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The check that the source answers truthfully to requests for single offers. It is asked for offers that a sweep has
 * just seen, one after the other, until it has shown five in succession. An offer that the source denies may have been
 * removed since, so one denial is no reason to end the sweep.
 */
public final class KnownOffers {

    private static final int MIN_SHOWN = 5;
    private static final int MAX_ASKED = 15;

    /** One check. A single thread uses it. */
    public static final class Check {

        private final Deque<String> ids = new ArrayDeque<>();
        private int shown;
        private int asked;

        /** Whether more offers must be asked for. */
        public boolean isOpen() {
            return shown < MIN_SHOWN;
        }

        /** Returns the id of the next offer to ask for. */
        public String id() {
            return ids.getFirst();
        }

        private void require() {
            if (ids.isEmpty() || asked == MAX_ASKED && isOpen()) {
                throw new SourceException.Unavailable(
                        "the source denies offers that it has just shown, so its answers about other offers cannot be"
                                + " trusted");
            }
        }
    }

    /**
     * Begins a check.
     *
     * @param rows offers that the sweep has seen, as rows with the column {@code id}
     */
    public Check check(List<Map<String, Object>> rows) {
        Check check = new Check();
        rows.forEach(row -> check.ids.add((String) row.get("id")));
        check.require();
        return check;
    }

    /**
     * Records whether the source has shown the offer {@link Check#id}. A few offers are asked for several times.
     *
     * @throws SourceException.Unavailable when the source has denied too many offers
     */
    public void record(Check check, boolean isShown) {
        check.asked++;
        String id = check.ids.removeFirst();
        if (isShown) {
            check.shown++;
            check.ids.addLast(id);
        } else {
            check.shown = 0;
        }
        check.require();
    }
}
