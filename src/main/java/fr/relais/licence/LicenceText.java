package fr.relais.licence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The file with the text of a version of the licence. Only its name and its SHA-256 are stored.
 *
 * @param sha256 in hexadecimal
 */
public record LicenceText(String name, String sha256) {

    /**
     * @param name the name of the file
     * @throws RegisterRefusal when the file is empty
     */
    public static LicenceText of(String name, byte[] bytes) {
        if (bytes.length == 0) {
            throw RegisterRefusal.emptyFile(name);
        }
        return new LicenceText(name, DigestUtils.sha256Hex(bytes));
    }

    /** @throws RegisterRefusal when the file cannot be read or is empty */
    public static LicenceText of(Path file) {
        try {
            return of(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw RegisterRefusal.unreadableFile(file, e);
        }
    }
}
