package io.tarsy.history.http;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.PrintWriter;
import java.io.Writer;

/** Takes what leads elsewhere, and passes nothing of it on: for who sent a token and cannot be led. */
final class SilentResponse extends HttpServletResponseWrapper {
    SilentResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void sendRedirect(String location) {
        // a program does not follow it
    }

    @Override
    public void sendError(int status) {
        // the caller refuses in its own words
    }

    @Override
    public void sendError(int status, String message) {
        // the caller refuses in its own words
    }

    @Override
    public void setStatus(int status) {
        // the caller refuses with its own
    }

    @Override
    public PrintWriter getWriter() {
        return new PrintWriter(Writer.nullWriter());
    }

    @Override
    public void addCookie(Cookie cookie) {
        // a program has no session
    }
}
