// The CSRF token for a form: the cookie's, because logging in again in another tab changes it.
export function token(form) {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}
