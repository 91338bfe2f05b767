package fr.relais.simulator;

/** The simulator itself, at the disposal of a {@link Fault}: what it would do if nothing disturbed it. */
public interface Truth {

    /** Answers a call, the one received or another, with the token received; it counts against the rate. */
    Answer answer(Call call);

    /** Has all tokens issued so far refused from now on. */
    void revokeTokens();
}
