package fr.relais.licence;

import fr.relais.failure.RelaisException;
import fr.relais.licence.LicenceStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;

/** The refusal to write something to the licence register that cannot be right. */
public final class RegisterRefusal extends RelaisException {

    private static final long serialVersionUID = 1L;

    private static final String CORRECT = "Correct the option; the command's --help explains each.";

    private RegisterRefusal(String message, String remedy) {
        super(message, remedy);
    }

    static RegisterRefusal emptyFile(String name) {
        return new RegisterRefusal("The file " + name + " is empty", "Give the file with the text of the version.");
    }

    static RegisterRefusal unreadableFile(Path file, IOException failure) {
        return new RegisterRefusal(
                "The file " + file + " cannot be read: " + failure.getClass().getSimpleName(),
                "Give the file with the text of the version. Only its name and its SHA-256 are stored.");
    }

    static RegisterRefusal unusable(String what, String takes) {
        return new RegisterRefusal(what + " must be " + takes, CORRECT);
    }

    static RegisterRefusal inTheFuture(LocalDate informedOn, LocalDate today) {
        return new RegisterRefusal(
                "The notice of " + informedOn + " is in the future; in Europe/Paris, today is " + today, CORRECT);
    }

    static RegisterRefusal implausible(LocalDate date) {
        return new RegisterRefusal("The date " + date + " cannot be right", CORRECT);
    }

    static RegisterRefusal knownVersion(LicenceNotice notice) {
        return new RegisterRefusal(
                "Version " + notice.version() + " is in the register already, with the notice of "
                        + notice.informedOn(),
                "If that notice is a mistake, withdraw it first: licence withdraw --version " + notice.version());
    }

    static RegisterRefusal unknown(String what) {
        return new RegisterRefusal("The register has no notice of " + what, "See the notices: licence list");
    }

    static RegisterRefusal decided(LicenceNotice notice, State state) {
        return new RegisterRefusal(
                "Version " + notice.version() + " is "
                        + (notice.decision() == null
                                ? state + " since "
                                        + notice.deadline().lastDay().plusDays(1)
                                        + ", because nobody refused it by "
                                        + notice.deadline().lastDay()
                                : notice.decision() + " already, by " + notice.decidedBy() + " at "
                                        + notice.decidedAt()),
                "If the notice itself is a mistake, withdraw it: licence withdraw --version " + notice.version());
    }
}
