package fr.relais.changelog;

import fr.relais.licence.Mentions;
import java.time.Instant;
import java.util.List;

/**
 * A published version of the method.
 *
 * @param number counted from 1
 * @param since when it was recorded
 * @param sha256 of its text
 * @param difference from the version before, in unified form, each line with its section; empty for the first
 */
public record MethodVersion(int number, Instant since, String sha256, Method method, List<String> difference) {

    /** The moment since which it applies, in French words. */
    public String sinceText() {
        return Mentions.inWords(since);
    }
}
