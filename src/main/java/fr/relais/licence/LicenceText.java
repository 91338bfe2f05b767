package fr.relais.licence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The file with the text of a version of the licence. Only its name and its SHA-256 are stored.
 *
 * @param sha256 in hexadecimal
 */
public record LicenceText(String name, String sha256) {

    /** @throws RegisterRefusal when the file cannot be read or is empty */
    public static LicenceText of(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            if (Files.size(file) == 0) {
                throw RegisterRefusal.emptyFile(file);
            }
            return new LicenceText(file.getFileName().toString(), DigestUtils.sha256Hex(bytes));
        } catch (IOException e) {
            throw RegisterRefusal.unreadableFile(file, e);
        }
    }
}
