package fr.relais.duty;

import fr.relais.licence.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The clauses of a licence text.
 *
 * @param name the name of the licence text
 * @param isExample whether the text is no licence that anybody has accepted
 * @param effectiveOn the first day on which the profile is used, in Europe/Paris; empty when it always is
 */
public record LicenceProfile(String name, boolean isExample, Optional<LocalDate> effectiveOn, List<Clause> clauses) {

    private static final String PACKED = "pole-emploi.yaml";

    /** Returns the packed profile of the licence. */
    public static LicenceProfile packed() {
        return packed(PACKED);
    }

    static LicenceProfile packed(String file) {
        try (InputStream text = LicenceProfile.class.getResourceAsStream("/fr/relais/licence/" + file)) {
            return new ProfileFile(file).parse(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws InvalidProfile when the file cannot be read or has a mistake */
    public static LicenceProfile of(Path file) {
        try {
            return new ProfileFile(file.toString()).parse(Files.readString(file));
        } catch (IOException e) {
            throw new InvalidProfile(
                    file.toString(), 0, "it cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** Returns whether the profile is used at an instant. */
    boolean isEffective(Instant at) {
        return effectiveOn
                .filter(day -> at.isBefore(day.atStartOfDay(Deadline.ZONE).toInstant()))
                .isEmpty();
    }
}
