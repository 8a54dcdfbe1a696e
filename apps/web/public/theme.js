// Before the first paint: a theme once chosen by hand is put on, else the system's counts.
try {
  const theme = localStorage.getItem('bonafide-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system's theme stays.
}
