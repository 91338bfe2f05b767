package fr.relais.changelog;

import fr.relais.licence.Mentions;
import java.time.Instant;
import java.util.List;

/**
 * A recorded version of the method.
 *
 * @param number the number of the version, counted from 1
 * @param since when the version was recorded
 * @param sha256 the SHA-256 of its text, in hexadecimal
 * @param difference the changes from the previous version as a unified diff, in which the title of its section precedes
 *     each line; empty for the first version
 */
public record MethodVersion(int number, Instant since, String sha256, Method method, List<String> difference) {

    /** Returns the time when the version was recorded, in French words. */
    public String sinceText() {
        return Mentions.inWords(since);
    }
}
